using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace SourceNet.Benchmarks;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    internal static string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor}, {Environment.ProcessorCount} cores, {torch.get_num_threads()} threads, vectors of {Bits} bits, "
            + $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");

    private static int Bits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private static string Processor
    {
        get
        {
            const string Cpuinfo = "/proc/cpuinfo";
            var lines = File.Exists(Cpuinfo) ? File.ReadAllLines(Cpuinfo) : [];
            string Field(string name) => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?";
            return lines.Length > 0
                ? $"{Field("model name")} (family {Field("cpu family")}, model {Field("model\t")})"
                : RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
