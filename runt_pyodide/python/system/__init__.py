"""What programs expect of an operating system, as far as a browser can give it: the commands that
notebooks use for files, HTTP, and one sentence in place of what there is not, such as threads. It
knows nothing of cells."""
