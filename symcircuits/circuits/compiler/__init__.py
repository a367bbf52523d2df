"""The compiler: from expressions to networks that are proved to compute them, one stage a file."""
