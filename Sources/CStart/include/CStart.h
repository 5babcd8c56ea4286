/// What the executable does before its libraries are initialized. Nothing here is called by name.
