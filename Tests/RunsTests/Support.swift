import Runs

/// The words of the error that a run is refused with; empty where it is not.
func refusal(_ body: () throws -> Any) -> String {
  do { _ = try body() } catch { return error is TrajectoryError ? "\(error)" : "" }
  return ""
}
