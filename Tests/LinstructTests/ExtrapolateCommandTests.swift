import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

private let keys: Set<String> = ["steps", "verdict", "skill", "horizon_ratio", "tensors"]
private let tensorKeys: Set<String> = [
  "name", "energy", "r2", "slope", "intercept", "null_energy", "null_r2", "matched_energy", "matched_r2",
  "drift_share", "turning", "p", "q", "verdict",
]

/// ‖velocity‖.
private let speed = (0.25 + 1 + 0.0625).squareRoot()

/// Slope, intercept and R² of ordinary least squares.
private func line(_ values: [Double], at steps: [Double]) -> (slope: Double, intercept: Double, r2: Double) {
  let n = Double(values.count)
  let (ms, mv) = (steps.reduce(0, +) / n, values.reduce(0, +) / n)
  let sxy = zip(steps, values).reduce(0) { $0 + ($1.0 - ms) * ($1.1 - mv) }
  let sxx = steps.reduce(0) { $0 + ($1 - ms) * ($1 - ms) }
  let syy = values.reduce(0) { $0 + ($1 - mv) * ($1 - mv) }
  return (sxy / sxx, mv - sxy / sxx * ms, sxy * sxy / (sxx * syy))
}

/// The share of a Gram matrix in its first direction, and the R² of that direction in time.
private func figures(_ gram: Matrix<Double>, at steps: [Double]) throws -> (energy: Double, r2: Double) {
  let svd = try gram.svd()
  let total = svd.singularValues.reduce(0, +)
  return (svd.singularValues[0] / total, line(Array(svd.u.column(0)), at: steps).r2)
}

@Suite struct ExtrapolateCommandTests {
  /// A line: its start, and its change in a step.
  let start = Matrix<Double>([[1, 2, 3], [4, 5, 6]])
  let velocity = Matrix<Double>([[0.5, 0, -1], [0, 0.25, 0]])

  func words(_ base: URL, _ folder: URL, _ target: Int, _ output: URL) -> [String] {
    ["extrapolate", "--base", base.path, "--checkpoints", folder.path, "--target", "\(target)"]
      + ["--output", output.path, "--json"]
  }

  func tensors(_ json: [String: Any]) throws -> [[String: Any]] {
    try #require(json["tensors"] as? [[String: Any]])
  }

  /// A run on an exact line: the weights at a step are start + step·velocity.
  func lineRun(_ scratch: TemporaryFolder, steps: [Int], origin: Int = 0) throws {
    for step in steps {
      let w = start + Double(step - origin) * velocity
      try scratch.write(
        "run/w-\(step).safetensors", [TensorValues("w", w), TensorValues("w.still", .f32, [2], [1, 2])])
    }
  }

  @Test func aLineIsForecastExactly() throws {
    let scratch = try TemporaryFolder()
    // The steps are uneven: the line is fitted against the step, not against the number of the snapshot.
    try lineRun(scratch, steps: [0, 2, 3, 7, 10])
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let json = try linstruct(words(folder.appending(path: "w-0.safetensors"), folder, 40, url)).json()
    #expect(Set(json.keys).isSuperset(of: keys) && json["steps"] as? [Int] == [2, 3, 7, 10])
    #expect(json["skill"] is NSNull && json["verdict"] as? String == "undecided")
    #expect(try number(json, "horizon_ratio") == 4)
    let list = try tensors(json)
    #expect(list.map { $0["name"] as? String } == ["w", "w.still"])
    #expect(list.allSatisfy { Set($0.keys).isSuperset(of: tensorKeys) })
    #expect(try agree(number(list[0], "energy"), 1) && agree(number(list[0], "r2"), 1))
    #expect(try agree(number(list[0], "slope"), speed, 1e-9) && abs(number(list[0], "intercept")) < 1e-9)
    #expect(list[0]["p"] is NSNull && list[0]["q"] is NSNull && list[0]["verdict"] as? String == "undecided")
    for key in ["energy", "r2", "slope", "intercept", "drift_share", "turning", "p", "q"] {
      #expect(list[1][key] is NSNull, "\(key)")
    }
    #expect(list[1]["verdict"] as? String == "still" && list[1]["null_energy"] is Double)
    let file = try SafetensorsFile(url)
    #expect((try file.matrix("w", as: Double.self) - (start + 40 * velocity)).norm(.maximum) < 1e-11)
    #expect(try file.vector("w.still", as: Double.self) == [1, 2])
  }

  @Test func aTargetFarBeyondTheRunBringsAWarning() throws {
    let scratch = try TemporaryFolder()
    try lineRun(scratch, steps: [0, 1, 2])
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    func run(_ target: Int) throws -> Outcome {
      try linstruct(words(folder.appending(path: "w-0.safetensors"), folder, target, url))
    }
    let near = try run(40)
    #expect(near.status == 0 && near.error.isEmpty)
    for target in [41, 9_000_000_000_000_000_000] {
      let far = try run(target)
      #expect(far.status == 0 && far.error.hasPrefix("warning: --target \(target) lies ") && far.error.hasSuffix("\n"))
      #expect(far.error.contains("up to 20 times") && far.error.contains("choose an earlier step"))
      #expect(try far.json().keys.sorted() == near.json().keys.sorted())
    }
  }

  @Test func theStepOfTheBaseComesFromItsName() throws {
    let scratch = try TemporaryFolder()
    try lineRun(scratch, steps: [90, 100, 110, 125, 130], origin: 100)
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let json = try linstruct(words(folder.appending(path: "w-100.safetensors"), folder, 160, url)).json()
    // A snapshot at the base's step and one before it are left out; two snapshots are enough.
    #expect(json["steps"] as? [Int] == [110, 125, 130])
    #expect(try number(json, "horizon_ratio") == 2)
    let first = try tensors(json)[0]
    #expect(agree(try number(first, "slope"), speed, 1e-9))
    // The line is in the step of the run, not counted from the base.
    #expect(agree(try number(first, "intercept"), -100 * speed, 1e-9))
    let found = try SafetensorsFile(url).matrix("w", as: Double.self)
    #expect((found - (start + 60 * velocity)).norm(.maximum) < 1e-11)
  }

  @Test func aLongLineIsALine() throws {
    let scratch = try TemporaryFolder()
    try lineRun(scratch, steps: Array(0...10))
    let folder = scratch.file("run")
    let all = words(folder.appending(path: "w-0.safetensors"), folder, 20, scratch.file("f.safetensors"))
    let json = try linstruct(all).json()
    let first = try tensors(json)[0]
    #expect(json["verdict"] as? String == "line" && first["verdict"] as? String == "line")
    #expect(try agree(number(first, "drift_share"), 1, 1e-9) && agree(number(first, "turning"), 1, 1e-9))
    // All 2⁹ sign patterns up to a common sign; only the unflipped one reaches the sum.
    #expect(try number(first, "p") == 1.0 / 512 && number(first, "q") == 1.0 / 512)
    let hidden = try linstruct(all + ["--observe", "4"]).json()
    #expect(try hidden["steps"] as? [Int] == [1, 2, 3, 4] && abs(number(hidden, "skill") - 1) < 1e-12)
    #expect(try number(hidden, "horizon_ratio") == 5)
    #expect(try number(linstruct(all + ["--observe", "4", "--recipe", "hold"]).json(), "skill") == 0)
  }

  /// A drifting, turning and noisy run of two tensors.
  func noisyRun(_ scratch: TemporaryFolder, steps: [Double]) throws -> [(name: String, rows: Matrix<Double>)] {
    let shapes = [("a", 6, UInt64(11), 1.0), ("b", 4, UInt64(12), 0.05)]
    let runs = shapes.map { name, width, seed, drift in
      let noise = normal(steps.count + 1, width, seed: seed)
      var rows = Matrix<Double>.zeros(rows: steps.count + 1, columns: width)
      rows.setRow(0, to: noise.row(0))
      for (i, step) in steps.enumerated() {
        let before = i > 0 ? steps[i - 1] : 0
        rows.setRow(i + 1, to: rows.row(i))
        rows.addToRow(i + 1, noise.row(i + 1), scaledBy: 0.3)
        rows.addToRow(i + 1, Vector(repeating: drift * (step - before), count: width))
      }
      return (name: name, rows: rows)
    }
    for (i, step) in ([0] + steps).enumerated() {
      let tensors = runs.map { TensorValues($0.name, .f64, [$0.rows.columns], Array($0.rows.row(i))) }
      try scratch.write("run/step-\(Int(step)).safetensors", tensors)
    }
    return runs
  }

  @Test func everyFigureOfANoisyRunByHand() throws {
    let scratch = try TemporaryFolder()
    let steps: [Double] = [1, 2, 4, 5, 7, 8, 10, 11]
    let runs = try noisyRun(scratch, steps: steps)
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let json = try linstruct(words(folder.appending(path: "step-0.safetensors"), folder, 15, url)).json()
    let list = try tensors(json)
    let walk = try figures(Matrix(rows: 8, columns: 8) { i, j in min(steps[i], steps[j]) }, at: steps)
    let spacing = zip(steps, [0] + steps).map { $0 - $1 }
    var (ps, turned) = ([Double](), 0)
    for (run, found) in zip(runs, list) {
      let displacements = Matrix(rows: 8, columns: run.rows.columns) { i, j in run.rows[i + 1, j] - run.rows[0, j] }
      let svd = try displacements.svd()
      let squares = svd.singularValues.map { $0 * $0 }
      let fitted = line(svd.u.column(0).map { $0 * svd.singularValues[0] }, at: steps)
      #expect(found["name"] as? String == run.name)
      #expect(agree(try number(found, "energy"), squares[0] / squares.reduce(0, +), 1e-9))
      #expect(agree(try number(found, "r2"), fitted.r2, 1e-9))
      // The sign of a direction is free; the slope is not negative.
      let sign: Double = fitted.slope < 0 ? -1 : 1
      #expect(agree(try number(found, "slope"), sign * fitted.slope, 1e-9))
      #expect(agree(try number(found, "intercept"), sign * fitted.intercept, 1e-9))
      let forecast = try SafetensorsFile(url).vector(run.name, as: Double.self)
      let coefficient = fitted.slope * 15 + fitted.intercept
      for j in 0..<run.rows.columns {
        #expect(abs(forecast[j] - (run.rows[0, j] + coefficient * svd.vTransposed[0, j])) < 1e-9)
      }
      #expect(agree(try number(found, "null_energy"), walk.energy, 1e-9))
      #expect(agree(try number(found, "null_r2"), walk.r2, 1e-9))

      let increments = Matrix(rows: 8, columns: run.rows.columns) { i, j in run.rows[i + 1, j] - run.rows[i, j] }
      let sizes = (0..<8).map { increments.row($0).dot(increments.row($0)) }
      let matched = try figures(
        Matrix(rows: 8, columns: 8) { i, j in sizes[...min(i, j)].reduce(0, +) }, at: steps)
      #expect(agree(try number(found, "matched_energy"), matched.energy, 1e-9))
      #expect(agree(try number(found, "matched_r2"), matched.r2, 1e-9))

      // Below ten snapshots only products of increments more than one apart count.
      let pairs = (0..<8).flatMap { i in (0..<8).filter { abs($0 - i) > 1 }.map { (i, $0) } }
      func sum(_ signs: [Double]) -> Double {
        pairs.reduce(0) { $0 + signs[$1.0] * signs[$1.1] * increments.row($1.0).dot(increments.row($1.1)) }
      }
      let weight = pairs.reduce(0) { $0 + spacing[$1.0] * spacing[$1.1] }
      let last = displacements.row(7).dot(displacements.row(7))
      let drift = 11 * 11 * sum([Double](repeating: 1, count: 8)) / weight / last
      #expect(agree(try number(found, "drift_share"), drift, 1e-9))
      ps.append(listedP(pairs: 8, sum))
      #expect(agree(try number(found, "p"), ps[ps.count - 1]))
      // The cosine between the summed increments of the two halves, without what single increments add to each length.
      func half(_ range: Range<Int>) -> (sum: Vector<Double>, energy: Double) {
        var sum = Vector<Double>(repeating: 0, count: run.rows.columns)
        for i in range { sum.add(increments.row(i)) }
        let (length, square) = (spacing[range].reduce(0, +), spacing[range].reduce(0) { $0 + $1 * $1 })
        return (
          sum, (sum.dot(sum) - sizes[range].reduce(0, +)) * length * length / (length * length - square)
        )
      }
      let (early, late) = (half(0..<4), half(4..<8))
      if early.energy > 0, late.energy > 0 {
        let turning = early.sum.dot(late.sum) / (early.energy * late.energy).squareRoot()
        #expect(agree(try number(found, "turning"), turning, 1e-9))
      } else {
        #expect(found["turning"] is NSNull)
      }
      turned += found["turning"] is Double ? 1 : 0
      #expect(found["verdict"] is String)
    }
    #expect(turned > 0)
    // Benjamini and Hochberg with two tests: the larger p-value stays, the smaller one doubles up to it.
    #expect(ps[0] != ps[1])
    #expect(agree(try number(list[1], "q"), max(ps[1], min(2 * ps[1], ps[0]))))
    #expect(agree(try number(list[0], "q"), max(ps[0], min(2 * ps[0], ps[1]))))
  }

  @Test func everyRecipeAndItsSkillByHand() throws {
    let scratch = try TemporaryFolder()
    let steps: [Double] = [1, 2, 4, 5, 7, 8, 10, 11]
    let (observed, target) = (5, 15.0)
    let runs = try noisyRun(scratch, steps: steps)
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let all = words(folder.appending(path: "step-0.safetensors"), folder, 15, url) + ["--observe", "7"]
    func displacement(_ run: Matrix<Double>, _ k: Int) -> Vector<Double> { run.row(k + 1) - run.row(0) }

    // A drift share for each tensor: all pairs of different increments.
    let spacing = zip(steps, [0] + steps).map { $0 - $1 }
    func driftShare(_ run: Matrix<Double>) -> Double {
      var (sum, weight) = (0.0, 0.0)
      for i in 0..<observed {
        for j in 0..<observed where i != j {
          sum += (run.row(i + 1) - run.row(i)).dot(run.row(j + 1) - run.row(j))
          weight += spacing[i] * spacing[j]
        }
      }
      let last = displacement(run, observed - 1)
      return min(1, max(0, 49 * sum / weight / last.dot(last)))
    }
    let shares = runs.map { driftShare($0.rows) }
    #expect(shares[0] > 0.1 && shares[0] < 1 && shares[0] != shares[1])

    func forecast(_ recipe: String, _ run: Matrix<Double>, _ step: Double) throws -> Vector<Double> {
      let last = displacement(run, observed - 1)
      switch recipe {
      case "hold": return last
      case "shrunk": return last.scaled(by: 1 + driftShare(run) * (step - 7) / 7)
      case "secant":
        let reach = (step - 7) / (7 - 5)
        return last.scaled(by: 1 + reach) - displacement(run, observed - 2).scaled(by: reach)
      default:
        let seen = Matrix(rows: observed, columns: run.columns) { i, j in run[i + 1, j] - run[0, j] }
        let svd = try seen.svd()
        let fitted = line(svd.u.column(0).map { $0 * svd.singularValues[0] }, at: Array(steps[..<observed]))
        return svd.vTransposed.row(0).scaled(by: fitted.slope * step + fitted.intercept)
      }
    }
    for recipe in ["relex", "shrunk", "secant", "hold"] {
      let json = try linstruct(all + ["--recipe", recipe]).json()
      #expect(agree(try number(json, "horizon_ratio"), target / 7))
      var (error, kept) = (0.0, 0.0)
      for run in runs {
        let found = try SafetensorsFile(url).vector(run.name, as: Double.self)
        let expected = run.rows.row(0) + (try forecast(recipe, run.rows, target))
        #expect((found - expected).norm < 1e-9, "\(recipe)")
        for k in observed..<steps.count {
          let truth = displacement(run.rows, k)
          let (miss, stay) = (try forecast(recipe, run.rows, steps[k]) - truth, displacement(run.rows, 4) - truth)
          error += miss.dot(miss)
          kept += stay.dot(stay)
        }
      }
      #expect(abs(try number(json, "skill") - (1 - error / kept)) < 1e-9, "\(recipe)")
    }
    // Without --recipe the forecast is the line.
    let plain = try linstruct(all).output
    #expect(try plain == linstruct(all + ["--recipe", "relex"]).output)
    // With as many directions as snapshots every observed coefficient has its own line.
    #expect(try linstruct(all + ["--rank", "5"]).status == 0)
    #expect(try linstruct(all + ["--rank", "5"]).output != plain)
  }
}
