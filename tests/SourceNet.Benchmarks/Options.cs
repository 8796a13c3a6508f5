using System.Globalization;

namespace SourceNet.Benchmarks;

/// <summary>The command line.</summary>
/// <param name="Filter">Only rows whose name contains it.</param>
/// <param name="Json">Where the measurements are written as JSON.</param>
/// <param name="Seconds">How long each row is measured.</param>
/// <param name="KeepsMemory">Whether the process keeps the memory of freed tensors, see <see cref="NativeAllocator"/>.</param>
/// <param name="Threads">How many threads libtorch and the kernels use; 0 for libtorch's own choice.</param>
internal sealed record Options(string Filter = "", string? Json = null, double Seconds = 3, int Threads = 0, bool KeepsMemory = true)
{
    internal const string Usage =
        "usage: ratios [--filter NAME] [--json FILE] [--seconds NUMBER] [--threads NUMBER] [--memory kept|default]\n       kernels [options of "
            + "BenchmarkDotNet, such as --filter *RMSNorm*]\n       analyzers [--cold] [--files NUMBER] [FOLDER...]\n       generator [--models NUMBER]\n     "
                + "  audit [--projects NUMBER]";

    internal static Options? Parse(string[] arguments)
    {
        if (arguments is not ["ratios", ..] || arguments.Length % 2 == 0)
        {
            return null;
        }

        var options = new Options();
        for (var index = 1; index < arguments.Length; index += 2)
        {
            var value = arguments[index + 1];
            switch (arguments[index])
            {
                case "--filter":
                    options = options with { Filter = value };
                    break;
                case "--json":
                    options = options with { Json = value };
                    break;
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    options = options with { Seconds = seconds };
                    break;
                case "--threads" when int.TryParse(value, CultureInfo.InvariantCulture, out var threads) && threads > 0:
                    options = options with { Threads = threads };
                    break;
                case "--memory" when value is "kept" or "default":
                    options = options with { KeepsMemory = value == "kept" };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
