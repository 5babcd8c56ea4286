import TensorIO

extension Trajectory {
  /// Checks that what a forecast copies is the same in every snapshot as in the base, byte by byte.
  ///
  /// - Throws: ``TrajectoryError/changedCopy(snapshot:tensor:content:)`` for the first that differs.
  /// - Complexity: one read of these tensors in every checkpoint.
  func checkCopies() throws(TrajectoryError) {
    for info in copied {
      for snapshot in snapshots {
        if Task.isCancelled { throw .cancelled }
        let isSame = try file { () throws(TensorFileError) in
          try base.checkpoint.holdsTheBytes(of: info.name, in: snapshot.checkpoint)
        }
        if !isSame {
          throw .changedCopy(snapshot: snapshot.name, tensor: info.name, content: info.type.rawValue)
        }
      }
    }
  }
}
