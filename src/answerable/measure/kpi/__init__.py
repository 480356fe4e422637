"""One file per indicator: which rows count, as an Ibis expression, and what is estimated from them."""
