/// How labels may be exchanged under the null "the label does not matter".
///
/// The right choice follows how the rows were drawn. Exchanging freely what comes in pairs costs power (0.06 instead
/// of 0.57 in simulation); exchanging rows of one prompt or conversation singly gives false positives (0.24 at 0.05).
public enum Exchangeability: Sendable, Equatable {
  /// Any row may carry any label.
  case rows
  /// Row i of both sides is one pair: the two labels are exchanged within it.
  case pairs
  /// Rows of a group share one label, and whole groups exchange theirs. One group number a row, positive rows first.
  case groups([Int])
}
