"""What charts show, in words: for models, and for readers who do not see them. This imports no
library of charts."""
