"""The first start: until there is a company, every page leads to the one that sets it up."""
