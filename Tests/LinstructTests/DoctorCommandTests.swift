import Foundation
import _TestSupport
import Testing

@Suite struct DoctorCommandTests {
  @Test func everyKeyAndEveryCheckIsThere() throws {
    let run = try linstruct("doctor", "--json")
    let json = try run.json()
    let checks = try #require(json["checks"] as? [[String: Any]])
    #expect(checks.count >= 12)
    for check in checks {
      #expect(check["name"] is String && check["passed"] is Bool && check["detail"] is String)
    }
    #expect(run.status == (checks.allSatisfy { $0["passed"] as? Bool == true } ? 0 : 1))
    #expect((json["openblas"] as? String)?.contains("OpenBLAS") == true && json["level"] is Int)
    let setUp = try object(json, "set_up")
    #expect(["fits", "mended", "left to the user", "cannot be mended"].contains(setUp["outcome"] as? String))
  }

  @Test func kernelsThatTheEnvironmentAsksForAreSaid() throws {
    let run = try linstruct(["doctor"], environment: ["OPENBLAS_CORETYPE": "Prescott"])
    #expect(run.output.contains("Prescott") && run.output.contains("passed"))
    let json = try linstruct(["doctor", "--json"], environment: ["OPENBLAS_CORETYPE": "Prescott"]).json()
    if let level = json["level"] as? Int, level > 0 {
      #expect(run.error.contains("OPENBLAS_CORETYPE"))
      #expect(try object(json, "set_up")["outcome"] as? String == "left to the user")
    }
  }

  @Test func aWordTooManyIsAMistake() throws {
    try expectRefusal(["doctor", "please"], status: 64, saying: "please")
  }

  /// With less address space than OpenBLAS's threads want, the program runs on fewer, or says that it cannot.
  @Test(arguments: [180_000, 250_000, 340_000, 700_000, 2_000_000]) func littleAddressSpace(kibibytes: Int) throws {
    let scratch = try TemporaryFolder()
    let matrix = try scratch.npy("m", normal(60, 50, seed: 1))
    let run = try linstruct(["svd", matrix], addressSpace: kibibytes)
    #expect(run.status == 0 || (run.status == 1 && run.error.contains("ulimit -v")), "\(run.status): \(run.error)")
    if kibibytes >= 700_000 { #expect(run.status == 0) }
  }
}
