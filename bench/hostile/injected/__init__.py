"""Instructions planted in what a conversation reads, and a model that obeys every one of them."""
