import Tensor
import TensorIO

extension Trajectory {
  /// Checks that what a forecast copies is the same in every snapshot as in the base, byte by byte.
  ///
  /// - Parameter advanced: called with the number of elements after each tensor.
  /// - Throws: ``TrajectoryError/changedCopy(snapshot:tensor:content:)`` for the first that differs.
  /// - Complexity: two reads of these tensors for every snapshot.
  func checkCopies(_ advanced: (Int) -> Void) throws(TrajectoryError) {
    for info in copied {
      for snapshot in snapshots {
        if Cancellation.isRequested { throw .cancelled }
        let isSame = try file { () throws(TensorFileError) in
          try base.checkpoint.holdsTheBytes(of: info.name, in: snapshot.checkpoint)
        }
        if !isSame {
          throw .changedCopy(snapshot: snapshot.name, tensor: info.name, content: info.type.rawValue)
        }
      }
      advanced(info.elementCount)
    }
  }
}
