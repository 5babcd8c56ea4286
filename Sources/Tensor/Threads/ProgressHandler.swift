/// Is told how far a long call is: `done` of `total` units of its work.
///
/// What a unit is, the documentation of the call says. The handler is called on the thread that does the work, and
/// should return soon.
public typealias ProgressHandler = @Sendable (_ done: Int, _ total: Int) -> Void
