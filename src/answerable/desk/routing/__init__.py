"""What routing reads: who waits, who answers, and why somebody was chosen. The choice itself is core.routing.

kinds      which channels are live
line       the conversations that wait
people     those who answer
reasons    why it was they, kept with the offer and said in words
"""
