using System.Diagnostics;

namespace QuickStart.Tests;

/// <summary>The program as its user meets it: a process.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryFolder output = new();

    public void Dispose() => output.Dispose();

    [Fact]
    public async Task Damaged_data_ends_the_program_with_one_line()
    {
        using var data = TinyFashionMnist.Counting();
        data.Write(TinyFashionMnist.TrainLabels, [1, 2, 3]);

        using var program = Start("--data", data.Folder, "--output", output.Path);
        var errors = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();

        Assert.Equal(1, program.ExitCode);
        Assert.Equal($"error: {data.Path(TinyFashionMnist.TrainLabels)}: expected a header of 8 bytes, found a file of 3 bytes (truncated?)", errors.TrimEnd());
    }

    [Fact]
    public async Task Ctrl_C_ends_the_program_and_leaves_no_file()
    {
        if (OperatingSystem.IsWindows())
            return;     // a signal cannot be sent to one process there

        using var data = TinyFashionMnist.Counting(train: 128);
        using var program = Start("--data", data.Folder, "--output", output.Path, "--epochs", "1000");
        while (await program.StandardOutput.ReadLineAsync() is { } line && !line.Contains("epoch    1/1000", StringComparison.Ordinal))
        {
        }
        using (var interrupt = Process.Start("kill", [IgnoresInterrupts() ? "-TERM" : "-INT", program.Id.ToString()]))
            await interrupt.WaitForExitAsync();
        // Both at once: a program whose output nobody reads waits for the reader, and never ends.
        var rest = program.StandardOutput.ReadToEndAsync();
        var errors = await program.StandardError.ReadToEndAsync();
        await rest;
        await program.WaitForExitAsync();

        Assert.Equal("Interrupted. Nothing was written.", errors.TrimEnd());
        Assert.Equal(130, program.ExitCode);
        Assert.Empty(output.Files);
    }

    /// <summary>
    /// Whether SIGINT, number 2, is among the ignored signals of this process, which a child inherits: a shell starts jobs in the background so. SIGTERM asks
    /// for the same then.
    /// </summary>
    private static bool IgnoresInterrupts() => File.Exists("/proc/self/status")
        && (Convert.ToUInt64(File.ReadLines("/proc/self/status")
            .Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim(), 16) & (1 << (2 - 1))) != 0;

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "QuickStart.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
