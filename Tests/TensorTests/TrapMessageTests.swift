import Foundation
import Tensor
import Testing

/// A mistake of a caller ends the program with a message, in a release build as well: `scripts/ci` runs both.
@Suite struct TrapMessageTests {
  private static func message(_ result: ExitTest.Result?) throws -> String {
    String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
  }

  @Test func anEntryOutsideOfAMatrix() async throws {
    let read = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Matrix<Double>.zeros(rows: 2, columns: 3)[2, 0])
    }
    #expect(try Self.message(read).contains("entry [2, 0] of a 2x3 matrix"))
    let write = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var a = Matrix<Float>.zeros(rows: 2, columns: 3)
      a[0, -1] = 1
    }
    #expect(try Self.message(write).contains("entry [0, -1] of a 2x3 matrix"))
  }

  @Test func anEntryOutsideOfAVector() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Vector<Double>([1, 2])[2])
    }
    #expect(try Self.message(result).contains("entry 2 of a vector of 2"))
  }

  @Test func shapesThatDoNotFit() async throws {
    let product = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Matrix<Double>.zeros(rows: 2, columns: 3) * Matrix<Double>.zeros(rows: 2, columns: 3))
    }
    #expect(try Self.message(product).contains("2x3"))
    let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Matrix<Float>.zeros(rows: 2, columns: 3) + Matrix<Float>.zeros(rows: 3, columns: 2))
    }
    #expect(try Self.message(sum).contains("2x3") && Self.message(sum).contains("3x2"))
    let dot = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Vector<Double>([1, 2]).dot(Vector<Double>([1, 2, 3])))
    }
    #expect(try Self.message(dot).contains("vectors of 2 and 3 entries"))
  }

  @Test func rangesOfRows() async throws {
    let after = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Matrix<Double>.zeros(rows: 2, columns: 3)[rows: 5...])
    }
    #expect(try Self.message(after).contains("rows 5..<2 of a 2x3 matrix"))
    let before = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Matrix<Double>.zeros(rows: 2, columns: 3)[columns: ..<(-1)])
    }
    #expect(try Self.message(before).contains("columns 0..<-1 of a 2x3 matrix"))
    let beyond = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Matrix<Double>.zeros(rows: 2, columns: 3)[columns: 1...3])
    }
    #expect(try Self.message(beyond).contains("columns 1..<4 of a 2x3 matrix"))
  }

  @Test func rangesThatReachTheEnds() {
    let a = Matrix<Double>([[1, 2, 3], [4, 5, 6]])
    #expect(
      a[rows: 2...].rows == 0 && a[rows: ..<0].rows == 0 && a[rows: ...1] == a
        && a[columns: 1...] == Matrix([[2, 3], [5, 6]]))
    #expect(a[columns: 3..<3].columns == 0)
  }

  @Test func noSourceLosesItsMessage() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(!text.contains("precondition(") && !text.contains("preconditionFailure("), "\(file.lastPathComponent)")
    }
  }
}
