"""Many machines: WARC files in ranges, and pages, read by the workers of a Dask cluster for the one writer."""
