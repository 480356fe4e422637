"""The frame a mail's HTML is shown in: no scripts, no forms, nothing fetched from elsewhere unless asked for.

The page around it writes `<answer-mail src="..." title="...">`; that address answers
`web/mail_document.html` with these headers, which hold also where somebody opens the address by itself.
"""

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"


def frame_headers(*, remote_images: bool = False) -> dict[str, str]:
    """Headers of a response that carries sanitised mail.

    The frame keeps its origin (so that the page around can read its height) and may never run a script.
    Inline styles are allowed, as mails consist of them.
    """
    images = "'self' data: https:" if remote_images else "'self' data:"
    policy = [
        "default-src 'none'",
        f"img-src {images}",
        "style-src 'self' 'unsafe-inline'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        f"sandbox {SANDBOX}",
    ]
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "no-referrer",
    }
