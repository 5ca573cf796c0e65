"""The sample site that `make demo` serves on loopback: invented briefs that look like the real ones."""
