package import Tensor
import TensorIO

extension Trajectory {
  /// What displacements are counted from: some elements of the base, or zeros.
  package func originNumbers(_ name: String, _ range: Range<Int>) throws(TrajectoryError) -> Vector<Double> {
    origin == .zero ? Vector(repeating: 0, count: range.count) : try numbers(base, name, range)
  }

  /// Some elements of a tensor of one checkpoint.
  package func numbers(
    _ snapshot: Snapshot, _ name: String, _ range: Range<Int>
  ) throws(TrajectoryError) -> Vector<Double> {
    try file { () throws(TensorFileError) in
      try Vector(count: range.count) { (buffer) throws(TensorFileError) in
        try snapshot.checkpoint.read(name, elements: range, into: buffer)
      }
    }
  }

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
