using System.Xml.Linq;

namespace ReleaseTrain.Building;

/// <summary>Reads the results of <c>dotnet test --logger trx</c>.</summary>
public static class TrxReport
{
    private static readonly XNamespace s_trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static TestReport Read(string folder)
    {
        int passed = 0, failed = 0, skipped = 0;
        var failures = new List<string>();
        foreach (string path in Directory.EnumerateFiles(folder, "*.trx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            foreach (var result in XDocument.Load(path).Descendants(s_trx + "UnitTestResult"))
            {
                switch ((string?)result.Attribute("outcome"))
                {
                    case "Passed":
                        passed++;
                        break;
                    case "NotExecuted":
                        skipped++;
                        break;
                    default:
                        failed++;
                        failures.Add((string?)result.Attribute("testName") ?? "a test without a name");
                        break;
                }
            }
        }

        return new TestReport(passed, failed, skipped, TimeSpan.Zero, failures, null);
    }
}
