import Foundation
import Nulls
import Steering
import Tensor
import Testing
import _TestSupport

/// Results as values: equal, coded and shown.
@Suite struct ValueTests {
  private func coded<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }

  @Test func resultsAreCodable() throws {
    let rows = normal(24, 4, seed: 1)
    let contrast = try Contrast(positive: rows[rows: 0..<12], negative: rows[rows: 12..<24])
    let axis = try Direction(.contrastiveActivationAddition, of: contrast)
      .judged(by: contrast.normTest(exchanging: .pairs, count: 19))
    let map = try RidgeMap(from: rows, to: rows, regularization: .fixed(1))
    let native = try Direction(Vector<Double>([1, 2, 3, 4]))
    let found = try native.evaluate(on: contrast, rows: .heldOut, count: 19)
    let specificity = try map.specificity(
      of: contrast, against: native, nativePrompts: .others, exchanging: .pairs, count: 19)
    #expect(try coded(axis) == axis && coded(map) == map && coded(contrast) == contrast)
    #expect(try coded(found) == found && coded(specificity) == specificity)
    #expect(try coded(Regularization.fixed(2)) == .fixed(2))
  }

  @Test func descriptionsShowTheNull() throws {
    let rows = normal(24, 4, seed: 2)
    let contrast = try Contrast(positive: rows[rows: 0..<12], negative: rows[rows: 12..<24])
    #expect("\(contrast)" == "12 positive and 12 negative rows in 4 dimensions")
    let axis = try Direction(.contrastiveActivationAddition, of: contrast)
    #expect("\(axis)".hasPrefix("direction in 4 dimensions, length "))
    #expect("\(axis)".contains(", by caa of 12 positive, 12 negative rows\nnorm test: not asked"))
    let test = try contrast.normTest(exchanging: .pairs, count: 19)
    #expect("\(axis.judged(by: test))".hasSuffix("norm test: \(test.p <= 0.05 ? "direction" : "no direction")"))
    #expect("\(try Direction(Vector<Float>([3, 4])))".hasPrefix("direction in 2 dimensions, length 5, given"))
    #expect("\(axis.rowFingerprints)".hasPrefix("fingerprints of 24 rows"))
    #expect("\(RowFingerprints.none)" == "no fingerprints")

    let own = "\(try axis.evaluate(on: contrast, exchanging: .pairs))"
    #expect(own.contains("(chance 0.5 on held-out rows)") && own.hasSuffix("no p-value: these rows made the direction"))
    let native = try Direction(Vector<Double>([1, 2, 3, 4]))
    let held = "\(try native.evaluate(on: contrast, rows: .heldOut, count: 19))"
    #expect(held.contains("gap under exchanged labels ") && held.hasSuffix(" from 19 exchanges"))

    let map = try RidgeMap(from: rows, to: rows, regularization: .fixed(3))
    #expect("\(map)".hasPrefix("ridge map from 4 to 4 dimensions, λ 3"))
    for (prompts, end) in [(NativePrompts.same, "prompts of the class rows"), (.others, "specific")] {
      let found = try map.specificity(
        of: contrast, against: native, nativePrompts: prompts, exchanging: .rows, count: 19)
      let lines = "\(found)".split(separator: "\n")
      #expect(lines.count == 5 && lines[3].hasPrefix("permuted labels through the map: ") && lines[4].hasSuffix(end))
    }
  }
}
