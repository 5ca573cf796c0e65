"""What tests of several rooms need: specimens, servers, rooms of readers."""
