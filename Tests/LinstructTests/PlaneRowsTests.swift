import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// Planes that rows span, planes that are the whole space, and planes of dimension 0.
@Suite struct PlaneRowsTests {
  @Test func theRightVectorsOfAnSVDSpanByRows() throws {
    let scratch = try TemporaryFolder()
    let (a, b) = (normal(6, 20, seed: 1), normal(6, 20, seed: 2))
    for (name, matrix) in [("a", a), ("b", b)] {
      #expect(
        try linstruct(
          "svd", scratch.npy(name, matrix), "--rank", "3", "--output", scratch.file("\(name).safetensors").path
        ).status == 0)
    }
    let vt = ["a", "b"].map { scratch.file("\($0).safetensors").path + "#vt" }
    // Three rows of 20 columns span all of three dimensions by columns.
    let wrong = try linstruct("angles", vt[0], vt[1], "--json")
    #expect(try number(wrong.json(), "overlap") == 1)
    for name in vt { #expect(wrong.error.contains("warning: \(name): its columns span all of the 3 dimensions")) }
    #expect(wrong.error.contains("add --rows"))
    let right = try linstruct("angles", vt[0], vt[1], "--rows", "--json")
    let json = try right.json()
    #expect(right.error.isEmpty && json["ranks"] as? [Int] == [3, 3] && json["chance"] as? Double == 3.0 / 20)
    #expect(json["chance_kind"] as? String == "isotropic")
    let transposed = try vt.enumerated().map { i, name in
      try scratch.npy(
        "t\(i)",
        Matrix(SafetensorsFile(scratch.file("\(["a", "b"][i]).safetensors")).matrix("vt", as: Double.self).transposed))
    }
    let same = try linstruct("angles", transposed[0], transposed[1], "--json").json()
    #expect(try agree(number(same, "overlap"), number(json, "overlap")))
    let captured = try linstruct("capture", "--basis", vt[0], "--displacement", transposed[0] + "", "--rows", "--json")
    // A matrix of several rows and columns is not a displacement.
    #expect(captured.status == 1)
  }

  @Test func captureTakesABasisInRows() throws {
    let scratch = try TemporaryFolder()
    let rows = try scratch.npy("b", Matrix<Float>([[2, 0, 0, 0], [0, 0, 5, 0]]))
    let vector = try scratch.npy("d", Matrix<Double>([[3, 4, 0, 0]]))
    let json = try linstruct("capture", "--basis", rows, "--displacement", vector, "--rows", "--json").json()
    #expect(try agree(number(json, "energy"), 0.36) && json["rank"] as? Int == 2 && json["chance"] as? Double == 0.5)
    // Without --rows the basis lies in two dimensions.
    try expectRefusal(["capture", "--basis", rows, "--displacement", vector], status: 1, saying: "in 2 dimensions")
    let whole = try linstruct("capture", "--basis", rows, "--displacement", scratch.npy("e", Matrix<Double>([[1, 2]])))
    #expect(whole.error.contains("span all of the 2 dimensions") && whole.error.contains("--rows"))
    let square = try scratch.npy("s", Matrix<Double>.identity(3))
    let byRows = try linstruct(
      "capture", "--basis", square, "--displacement", scratch.npy("f", Matrix<Double>([[1, 2, 3]])), "--rows")
    #expect(byRows.error.contains("its rows span all of the 3 dimensions"))
  }

  @Test func anEmptyPlaneIsUndefinedInTextAsInJSON() throws {
    let scratch = try TemporaryFolder()
    let a = try scratch.npy("a", Matrix<Double>([[1, 0], [0, 1], [0, 0]]))
    let zero = try scratch.npy("z", Matrix<Double>.zeros(rows: 3, columns: 2))
    for pair in [(a, zero), (zero, a), (zero, zero)] {
      let json = try linstruct("angles", pair.0, pair.1, "--json").json()
      for key in ["overlap", "geodesic", "chordal"] { #expect(json[key] is NSNull, "\(key)") }
      let text = try linstruct("angles", pair.0, pair.1).output
      for line in ["angles (radians)", "overlap", "distance"] {
        #expect(text.contains("\(line): undefined, a plane has dimension 0\n") || text.contains("\(line): undefined"))
      }
      #expect(!text.contains("geodesic 0"))
    }
    #expect(
      try linstruct("capture", "--basis", zero, "--displacement", scratch.npy("d", Matrix<Double>([[1, 2, 3]])))
        .output.contains("captured energy: 0 (isotropic chance 0 ± 0; "))
  }

  /// A deviation that rounding to the stored type can cause is not a direction of the columns; an angle of ten degrees
  /// is one in every type.
  @Test(arguments: [ElementType.bf16, .f16, .f32, .f64, .i32]) func theStoredTypeDecidesTheRank(type: ElementType)
    throws
  {
    let scratch = try TemporaryFolder()
    let a = normal(60, 2, seed: 3).map { type == .i32 ? ($0 * 1000).rounded() : $0 }
    let sums = Matrix<Double>(rows: 60, columns: 3) { i, j in j < 2 ? a[i, j] : a[i, 0] + a[i, 1] }
    let slope = tan(Double.pi / 18)
    let near = Matrix<Double>(rows: 60, columns: 2) { i, j in
      (type == .i32 ? 1000 : 1) * (j == 0 ? 1 : 1 + (i < 30 ? slope : -slope))
    }.map { type == .i32 ? $0.rounded() : $0 }
    let path = try scratch.write(
      "m.safetensors",
      [TensorValues("sums", sums, type), TensorValues("near", near, type), TensorValues("first", a, type)]
    ).path
    let extra = type == .i32 ? ["--integers"] : []
    for (name, columns) in [("sums", 3), ("near", 2)] {
      let json = try linstruct(["angles", "\(path)#\(name)", "\(path)#first", "--json"] + extra).json()
      #expect(json["ranks"] as? [Int] == [2, 2], "\(name)")
      let spectrum = try linstruct(["spectrum", path, "--tensor", name, "--json"] + extra).json()
      let row = try #require((spectrum["tensors"] as? [[String: Any]])?.first)
      #expect(row["numerical_rank"] as? Int == 2 && row["shape"] as? [Int] == [60, columns], "\(name)")
    }
  }

  /// Float32 columns so long that max(m, n)·ε dropped the second of them.
  @Test func longColumnsKeepTheirDirections() throws {
    let scratch = try TemporaryFolder()
    // The planes are ten degrees apart.
    let slope = Float(tan(Double.pi / 18))
    let rows = [1 + slope, 1 - slope].map {
      Vector<Float>(repeating: 1, count: 500_000).outerProduct(with: [1, $0])
    }
    let path = try scratch.npy("long", Matrix(stackingRows: rows))
    let first = try scratch.npy("first", Matrix<Float>(repeating: 1, rows: 1_000_000, columns: 1))
    let json = try linstruct("angles", path, first, "--json").json()
    #expect(json["ranks"] as? [Int] == [2, 1])
    let captured = try linstruct("capture", "--basis", path, "--displacement", first, "--json").json()
    #expect(try captured["rank"] as? Int == 2 && number(captured, "energy") > 1 - 1e-9)
    let spectrum = try linstruct("spectrum", path, "--json").json()
    #expect((spectrum["tensors"] as? [[String: Any]])?.first?["numerical_rank"] as? Int == 2)
  }
}
