"""WhatsApp, by the Cloud API (developers.facebook.com/docs/whatsapp/cloud-api): a webhook brings what is written to a
number of ours and what became of our answers; those leave by the Graph API."""
