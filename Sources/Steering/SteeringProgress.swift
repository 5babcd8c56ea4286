/// Says how far a long call is: `done` of `total` exchanges of labels, or control directions.
public typealias SteeringProgress = @Sendable (_ done: Int, _ total: Int) -> Void
