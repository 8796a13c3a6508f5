using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Tests.Kernels;

/// <summary>The kernels' tests in a process whose runtime does not use the wide vectors of this machine.</summary>
public sealed partial class NarrowVectorsTests
{
    /// <summary>Where the tests of such a process tell which vectors they had.</summary>
    private const string ReportVariable = "SOURCENET_VECTOR_REPORT";

    /// <summary>What computes; not what counts memory or collects garbage.</summary>
    private static readonly string s_filter = string.Join('|', new[]
    {
        "Kernels.Rows", "Kernels.Batches", "Kernels.CrossEntropy", "Kernels.Vectors", "Kernels.Masks", "Kernels.MultiTensorListTests",
            "Optimizers.FusedStepTests", "Tests.Activations", nameof(Tells_which_vectors_it_has),
    }.Select(name => $"FullyQualifiedName~{name}"));

    [SlowTheory]
    [InlineData("DOTNET_EnableAVX512", 8)]
    [InlineData("DOTNET_EnableAVX2", 4)]
    public async Task Kernels_are_right_without_wide_vectors(string feature, int width)
    {
        var report = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("dotnet", ["vstest", typeof(NarrowVectorsTests).Assembly.Location, $"--TestCaseFilter:{s_filter}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment[feature] = "0";
            start.Environment[ReportVariable] = report;
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();

            Assert.True(process.ExitCode == 0, await output + await errors);
            Assert.Equal(Report(Math.Min(width, SimdWidth.Count)), await File.ReadAllTextAsync(report));
            // A filter that finds nothing succeeds too.
            var passed = int.Parse(Passed().Match(await output).Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.InRange(passed, 300, int.MaxValue);
        }
        finally
        {
            File.Delete(report);
        }
    }

    /// <summary>The other side of it. In an ordinary run there is nobody to tell, and the width is the machine's own.</summary>
    [Fact]
    public void Tells_which_vectors_it_has()
    {
        Assert.Equal(Report(SimdWidth.Count),
            $"512 bits: {Vector512.IsHardwareAccelerated}, 256 bits: {Vector256.IsHardwareAccelerated}, floats in a vector: {SimdWidth.Count}");
        if (Environment.GetEnvironmentVariable(ReportVariable) is { } report)
        {
            File.WriteAllText(report, Report(SimdWidth.Count));
        }
    }

    private static string Report(int width) => $"512 bits: {width == 16}, 256 bits: {width >= 8}, floats in a vector: {width}";

    [GeneratedRegex(@"Passed: +(\d+)")]
    private static partial Regex Passed();
}
