package org.ongsung.model;

/// A set of users that grants can name. Who is in it stands with each user.
public record Group(Name name, Title title) {}
