//! Over several nights: staging and what comes after, released months that stay as they are, two sites.
