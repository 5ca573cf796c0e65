"""The process that serves: the file under it, its limits, its headers, and what it keeps."""
