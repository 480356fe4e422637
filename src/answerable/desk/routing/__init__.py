"""What routing reads: who waits, who answers, and why somebody was chosen. The choice itself is core.routing.

kinds      which channels are live
line       the conversations that wait
people     those who answer
reasons    why it was they, kept with the offer and said in words
expected   how long one waits now, from what was measured of late
told       what customers were told of that, and whether it was so
words      that, and how true it was, in words
"""
