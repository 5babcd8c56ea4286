import Foundation
import Tensor
public import TensorIO

extension RidgeMap {
  /// Writes the map, whole or not at all: a safetensors file with the tensors `weights` and `intercept` in the type of
  /// the entries and λ in its metadata.
  ///
  /// ```swift
  /// try map.write(to: "map.safetensors")
  /// let same = try RidgeMap<Double>(contentsOf: "map.safetensors")
  /// ```
  ///
  /// - Parameters:
  ///   - location: the file.
  ///   - mapped: a direction of the target space to be written with it, as `mapped_direction`.
  /// - Throws: ``SteeringError/file(_:)``.
  public func write(
    to location: some FileLocation, mappedDirection mapped: Direction<Element>? = nil
  ) throws(SteeringError) {
    try file { () throws(TensorFileError) in try write(into: AtomicFile(location), mappedDirection: mapped) }
  }

  /// Writes the map into a file that was opened before, and makes it appear.
  ///
  /// - Throws: `TensorFileError.cannotWrite`.
  public func write(
    into file: AtomicFile, mappedDirection mapped: Direction<Element>? = nil
  ) throws(TensorFileError) {
    var tensors = [NamedTensor("weights", weights), NamedTensor("intercept", intercept)]
    if let mapped { tensors.append(NamedTensor("mapped_direction", mapped.vector)) }
    try SafetensorsFile.write(tensors, metadata: ["lambda": "\(lambda)"], into: file)
  }

  /// Reads a map that ``write(to:mappedDirection:)`` wrote. Its ``trainingMean`` is `nil`.
  ///
  /// - Throws: ``SteeringError/file(_:)`` for what is wrong with the file, also where λ is no number in its metadata;
  ///   ``SteeringError/unequalWidths(_:)``; ``SteeringError/linearAlgebra(_:)`` with `notFinite`.
  public init(contentsOf location: some FileLocation) throws(SteeringError) {
    let (weights, intercept, lambda) = try file { () throws(TensorFileError) in
      let stored = try SafetensorsFile(location)
      guard let lambda = stored.metadata["lambda"].flatMap({ Double($0) }), lambda >= 0, lambda.isFinite else {
        throw .malformed(
          path: stored.url.relativePath, tensor: nil,
          rule: "the metadata lambda is no number from 0 on, so it is no ridge map; write one with `linstruct transfer`"
        )
      }
      return (
        try stored.matrix("weights", as: Element.self), try stored.vector("intercept", as: Element.self), lambda
      )
    }
    guard weights.columns == intercept.count else {
      throw .unequalWidths("weights \(weights.shapeDescription) with an intercept of \(intercept.count) entries")
    }
    try algebra { () throws(LinearAlgebraError) in
      try weights.checkFinite()
      try Matrix(row: intercept).checkFinite()
    }
    self.init(weights: weights, intercept: intercept, lambda: lambda, trainingMean: nil)
  }
}
