"""What stops a start, in words for the person at the keyboard."""


class StartError(Exception):
    """The message is printed as it is; it says what is wrong and what to do."""
