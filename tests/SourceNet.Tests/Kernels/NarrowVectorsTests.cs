using System.Diagnostics;

namespace SourceNet.Tests.Kernels;

/// <summary>The kernels' tests in a process whose runtime does not use the wide vectors of this machine.</summary>
public sealed class NarrowVectorsTests
{
    /// <summary>What computes; not what counts memory or collects garbage.</summary>
    private const string Filter =
        "FullyQualifiedName~Kernels.Rows|FullyQualifiedName~Kernels.Batches|FullyQualifiedName~Kernels.CrossEntropy|FullyQualifiedName~Kernels.Vectors|FullyQualifiedName~Kernels.Masks|FullyQualifiedName~Tests.Activations";

    [SlowTheory]
    [InlineData("DOTNET_EnableAVX512F")]
    [InlineData("DOTNET_EnableAVX2")]
    public async Task Kernels_are_right_without_wide_vectors(string feature)
    {
        var start = new ProcessStartInfo("dotnet", ["vstest", typeof(NarrowVectorsTests).Assembly.Location, $"--TestCaseFilter:{Filter}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[feature] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, await output + await errors);
    }
}
