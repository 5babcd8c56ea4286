import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// Figures of the full data by numpy; `Fixtures/make_tour_reference.py` collects them.
struct TourReference: Decodable {
  struct Drift: Decodable {
    let steps: [Int]
    let energy, overlap: [Double]
    let chance: Double
  }
  struct Prefix: Decodable {
    let captured: [Double]
  }
  struct Direction: Decodable {
    let norm, accuracy, pairedAccuracy: Double
  }
  struct Transfer: Decodable {
    let lambda, r2Holdout, cosine: Double
  }
  struct Line: Decodable {
    let energy, r2, slope, intercept: Double
  }
  struct Trajectory: Decodable {
    let tensor: String
    let whole, observed: Line
    let lastObserved: Int
    let relativeError: Double
  }
  let drift: Drift
  let prefix: Prefix
  let direction: Direction
  let transfer: Transfer
  let trajectory: Trajectory

  static func read() throws -> TourReference {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/tour-reference.json")
    return try JSONDecoder().decode(TourReference.self, from: Data(contentsOf: url))
  }
}

/// Three runs of the tour, which all tests share.
struct Tour {
  let json: [Outcome]
  let text: Outcome
  let pages: [String]

  static var shared: Tour { get throws { try runs.get() } }
  private static let runs = Result { try Tour() }

  private init() throws {
    let scratch = try TemporaryFolder()
    let page = scratch.file("report.html")
    func run(_ words: String...) throws -> (Outcome, String) {
      try? FileManager.default.removeItem(at: page)
      let outcome = try linstruct(["tour", "--output", page.path] + words)
      return (outcome, try String(contentsOf: page, encoding: .utf8))
    }
    let (first, second, third) = (try run("--json"), try run("--json"), try run())
    json = [first.0, second.0]
    text = third.0
    pages = [first.1, second.1, third.1]
  }

  /// The pictures of the page, in order.
  var pictures: [String] {
    pages[0].components(separatedBy: "<svg").dropFirst().map { part in
      "<svg" + (part.components(separatedBy: "</svg>").first ?? "") + "</svg>"
    }
  }
}

private let data = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Sources/CSample/data").standardizedFileURL

/// A number in the form in which the tour prints it.
private func rounded(_ value: Double, _ digits: Int = 3) -> String { String(format: "%.\(digits)g", value) }

private func expectAgreement(
  _ found: Double?, _ reference: Double, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    found.map { agree($0, reference, 1e-6) } ?? false, "\(what): \(found ?? .nan)", sourceLocation: sourceLocation)
}

@Suite struct TourTests {
  @Test func theFiguresAgreeWithTheReference() throws {
    let (reference, json) = (try TourReference.read(), try Tour.shared.json[0].json())
    let drift = try object(json, "drift")
    #expect(drift["steps"] as? [Int] == reference.drift.steps)
    expectAgreement(drift["chance"] as? Double, reference.drift.chance, "chance")
    let overlaps = try #require(drift["overlap"] as? [[Double]])
    let energies = try #require(drift["energy"] as? [Double])
    let captured = try #require(object(json, "prefix")["captured"] as? [Double])
    #expect(overlaps.count == 6 && energies.count == 6 && captured.count == 10)
    for (i, expected) in reference.drift.overlap.enumerated() {
      expectAgreement(overlaps[0][i], expected, "overlap \(i)")
      expectAgreement(overlaps[i][0], expected, "overlap \(i)")
    }
    for (found, expected) in zip(energies, reference.drift.energy) { expectAgreement(found, expected, "energy") }
    for (found, expected) in zip(captured, reference.prefix.captured) { expectAgreement(found, expected, "captured") }

    let direction = try object(json, "direction")
    expectAgreement(direction["norm"] as? Double, reference.direction.norm, "norm")
    expectAgreement(direction["accuracy"] as? Double, reference.direction.accuracy, "accuracy")
    expectAgreement(direction["paired_accuracy"] as? Double, reference.direction.pairedAccuracy, "paired")

    let transfer = try object(json, "transfer")
    expectAgreement(transfer["lambda"] as? Double, reference.transfer.lambda, "lambda")
    expectAgreement(transfer["r2_holdout"] as? Double, reference.transfer.r2Holdout, "r2")
    expectAgreement(transfer["cosine"] as? Double, reference.transfer.cosine, "cosine")
    #expect(transfer["verdict"] as? String == "not specific")

    let trajectory = try object(json, "trajectory")
    #expect(trajectory["tensor"] as? String == reference.trajectory.tensor)
    expectAgreement(trajectory["energy"] as? Double, reference.trajectory.whole.energy, "energy")
    expectAgreement(trajectory["r2"] as? Double, reference.trajectory.whole.r2, "r2")
    expectAgreement(trajectory["slope"] as? Double, reference.trajectory.whole.slope, "slope")
    expectAgreement(trajectory["intercept"] as? Double, reference.trajectory.whole.intercept, "intercept")
    let relex = try object(object(trajectory, "forecast"), "relex")
    expectAgreement(relex["relative_error"] as? Double, reference.trajectory.relativeError, "error")
    #expect(try number(object(object(trajectory, "forecast"), "hold"), "skill") == 0)
  }

  /// The nulls, and the figures that the reference lacks, computed from the sample in other ways.
  @Test func theNullsByHand() throws {
    let json = try Tour.shared.json[0].json()
    let model = try SafetensorsFile(data.appending(path: "model.safetensors"))
    let spectra = try #require(json["spectra"] as? [[String: Any]])
    #expect(spectra.count == 9)
    for row in spectra {
      let w = try model.matrix(try #require(row["name"] as? String), as: Double.self)
      // (Σσ²)²/Σσ⁴ without singular values: tr(G)²/‖G‖².
      let gram = w.gram(.columns)
      expectAgreement(row["participation_ratio"] as? Double, gram.trace * gram.trace / gram.dot(gram), "ratio")
      // The participation ratio of a normal matrix is about mn/(m + n + 1).
      let (m, n) = (Double(w.rows), Double(w.columns))
      #expect(agree(try number(row, "random_participation_ratio"), m * n / (m + n + 1), 0.05))
    }

    let adapters = try SafetensorsFile(data.appending(path: "adapters-gram.safetensors"))
    let g = try adapters.matrix("gram", as: Double.self)
    let squares = (0..<g.rows).map { i in
      i == 0 ? g[0, 0] : g[i, i] - 2 * g[i, i - 1] + g[i - 1, i - 1]
    }
    let prefix = try object(json, "prefix")
    let walk = try #require(prefix["matched_walk"] as? [Double])
    #expect(walk.count == 10)
    for (k, found) in walk.enumerated() {
      expectAgreement(found, squares[...k].reduce(0, +) / squares.reduce(0, +), "walk \(k)")
    }
    let (captured, limit) = (prefix["captured"] as? [Double], prefix["sign_flip_95"] as? [Double])
    #expect(try #require(captured?.last) < #require(limit?.last))

    // The largest eigenvalue of min(i, j) over thirty equal steps has a closed form.
    let trajectory = try object(json, "trajectory")
    let sine = sin(Double.pi / 122)
    expectAgreement(trajectory["null_energy"] as? Double, 1 / (4 * sine * sine) / 465, "walk")
    #expect(try number(trajectory, "null_r2") > 0.95 && trajectory["verdict"] as? String == "line")
    for key in ["norm_p", "permutation_p"] { #expect(try number(object(json, "direction"), key) == 0.001) }
  }

  /// The figures that a user finds who splits the files of the sample and runs the commands one by one.
  @Test func theCommandsGiveTheSameFigures() throws {
    let (reference, scratch) = (try TourReference.read(), try TemporaryFolder())
    let file = try SafetensorsFile(data.appending(path: "activations.safetensors"))
    func rows(_ name: String, _ part: Range<Int>) throws -> String {
      try scratch.npy("\(name)-\(part.lowerBound)", file.matrix(name, as: Double.self)[rows: part])
    }
    func direction(_ p: String, _ n: String, _ name: String) throws -> (path: String, json: [String: Any]) {
      let url = scratch.file(name)
      let words = ["--positive", p, "--negative", n, "--method", "caa", "--output", url.path, "--json"]
      return (url.path, try linstruct(["direction"] + words).json())
    }
    let (p, n) = (try rows("positive", 0..<168), try rows("negative", 0..<168))
    let found = try direction(p, n, "axis.safetensors")
    expectAgreement(found.json["norm"] as? Double, reference.direction.norm, "norm")
    let held = try linstruct(
      "evaluate", "--direction", found.path, "--positive", rows("positive", 168..<240), "--negative",
      rows("negative", 168..<240), "--paired", "--json"
    ).json()
    expectAgreement(held["accuracy"] as? Double, reference.direction.accuracy, "accuracy")
    expectAgreement(held["paired_accuracy"] as? Double, reference.direction.pairedAccuracy, "paired")
    #expect(try number(held, "permutation_p") == 0.001)

    let native = try direction(rows("other.positive", 0..<168), rows("other.negative", 0..<168), "native.safetensors")
    let words = try [
      "transfer", "--source", rows("neutral", 0..<600), "--target", rows("other.neutral", 0..<600), "--lambda",
      "\(reference.transfer.lambda)", "--direction", found.path, "--target-direction", native.path,
      "--source-positive", p, "--source-negative", n, "--paired", "--output", scratch.file("map.safetensors").path,
      "--json",
    ]
    let map = try linstruct(words).json()
    expectAgreement(map["r2_holdout"] as? Double, reference.transfer.r2Holdout, "r2")
    expectAgreement(map["cosine"] as? Double, reference.transfer.cosine, "cosine")
    // Both directions come from the same sentences.
    #expect(map["verdict"] is NSNull)
    #expect(try linstruct(words + ["--held-out"]).json()["verdict"] as? String == "not specific")

    // The base in float64, so that the forecast is not rounded to bfloat16.
    let (run, url) = (data.appending(path: "run"), scratch.file("forecast.safetensors"))
    func weights(_ url: URL) throws -> Matrix<Double> { try SafetensorsFile(url).matrix(reference.trajectory.tensor) }
    let start = try weights(run.appending(path: "step-0000.safetensors"))
    let truth = try weights(run.appending(path: "step-0300.safetensors"))
    let base = try scratch.write("step-0000.safetensors", [TensorValues(reference.trajectory.tensor, start)])
    let fit = try linstruct(
      "extrapolate", "--base", base.path, "--checkpoints", run.path, "--target", "300", "--observe",
      "\(reference.trajectory.lastObserved)", "--output", url.path, "--json"
    ).json()
    let line = try #require((fit["tensors"] as? [[String: Any]])?.first)
    let observed = reference.trajectory.observed
    expectAgreement(line["energy"] as? Double, observed.energy, "energy")
    expectAgreement(line["r2"] as? Double, observed.r2, "r2")
    expectAgreement(line["slope"] as? Double, observed.slope, "slope")
    expectAgreement(line["intercept"] as? Double, observed.intercept, "intercept")
    #expect(try number(fit, "skill") == number(object(object(forecastOfTheTour, "forecast"), "relex"), "skill"))
    let error = (try weights(url) - truth).norm(.frobenius) / (truth - start).norm(.frobenius)
    expectAgreement(error, reference.trajectory.relativeError, "error")
  }

  private var forecastOfTheTour: [String: Any] { get throws { try object(Tour.shared.json[0].json(), "trajectory") } }

  @Test func textAndPageSayTheFigures() throws {
    let (reference, tour) = (try TourReference.read(), try Tour.shared)
    let (drift, trajectory) = (reference.drift, reference.trajectory)
    let later = zip(drift.steps, drift.overlap).dropFirst().map { "\(rounded($1)) at step \($0)" }
    let captured = try #require(reference.prefix.captured.last)
    let lowest = try #require(drift.energy.min())
    for fragment in [
      later.joined(separator: ", "), "two random planes: \(rounded(drift.chance))",
      "hold \(rounded(lowest)) or more of each gradient's energy",
      "first 10 of 40 snapshots span \(rounded(captured)) of the final displacement",
      "\(rounded(reference.direction.norm)) (labels exchanged within pairs",
      "accuracy \(rounded(reference.direction.accuracy)), AUROC",
      "predicts \(rounded(reference.transfer.r2Holdout)) of the other model's variance",
      "of the mapped with the native direction: \(rounded(reference.transfer.cosine, 2))",
      "holds \(rounded(trajectory.whole.energy)) of the energy (walk on the same steps",
      "R² of its line in time \(rounded(trajectory.whole.r2)) (",
      "relative error: relex \(rounded(trajectory.relativeError)) (skill",
      "No more than chance: a walk with these steps does as well.",
      "No more than chance: the map carries the space over, but not this direction.",
    ] {
      // On the page a line begins with a capital letter.
      let tail = String(fragment.dropFirst())
      #expect(tour.text.output.contains(fragment), "\(fragment)")
      #expect(tour.pages[0].contains(tail), "\(fragment)")
    }
    #expect(tour.text.output.components(separatedBy: "\n   → ").count == 7)
    #expect(tour.text.status == 0 && tour.text.complaints.isEmpty)
  }

  @Test func theSameBytesTwice() throws {
    let tour = try Tour.shared
    #expect(tour.json[0].output == tour.json[1].output && tour.json[0].status == 0)
    #expect(tour.pages[0] == tour.pages[1] && tour.pages[0] == tour.pages[2])
    let keys = Set(try tour.json[0].json().keys)
    #expect(keys == ["spectra", "drift", "prefix", "direction", "transfer", "trajectory", "provenance"])
    #expect(tour.json[0].complaints.isEmpty)
  }

  @Test func theEmbeddedSampleIsSmallAndWhole() throws {
    let files = try #require(FileManager.default.enumerator(at: data, includingPropertiesForKeys: [.fileSizeKey]))
    var (bytes, names) = (0, Set<String>())
    for case let url as URL in files where url.pathExtension == "safetensors" {
      bytes += try #require(url.resourceValues(forKeys: [.fileSizeKey]).fileSize)
      names.insert(String(url.standardizedFileURL.path.dropFirst(data.path.count + 1)))
    }
    #expect(bytes > 1_000_000 && bytes < 4_000_000)
    let table = try String(contentsOf: data.appending(path: "../sample.c"), encoding: .utf8)
    let embedded = table.components(separatedBy: "#embed \"data/").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(embedded.map(String.init)) == names && embedded.count == names.count)
    #expect(FileManager.default.fileExists(atPath: data.appending(path: "ORIGIN.md").path))
  }

  @Test func wordsThatAreWrong() throws {
    let scratch = try TemporaryFolder()
    try expectRefusal(["tour", "--output", scratch.file("r.pdf").path], status: 64, saying: "--output", ".html")
    try expectRefusal(["tour", "sample"], status: 64, saying: "unexpected argument sample")
    try expectRefusal(["tour", "--lambda", "1"], status: 64, saying: "unknown option --lambda")
  }
}
