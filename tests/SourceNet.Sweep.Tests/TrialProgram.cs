using System.Globalization;
using SourceNet.Training;

namespace SourceNet.Sweep.Tests;

/// <summary>The program of the tests' trials: <c>dotnet exec SourceNet.Sweep.Tests.dll BEHAVIOUR IN OUT</c>.</summary>
internal static class TrialProgram
{
    public static int Main(string[] arguments)
    {
        var (behaviour, input, output) = (arguments[0], arguments[1], arguments[2]);
        var trial = Trial.Read(input);
        var metrics = new Dictionary<string, double> { ["score"] = (10 * trial.Number("rate")) + trial.Seed };
        switch (behaviour)
        {
            case "crash":
                Console.Error.WriteLine("the last word");
                return 7;
            case "crash once" when !File.Exists(output + ".tried"):
                File.WriteAllText(output + ".tried", "");
                Trial.Write(output, metrics);
                return 7;
            case "nothing":
                return 0;
            case "garbage":
                File.WriteAllText(output, "{ \"metrics\": ");
                return 0;
            case "greedy":
                var memory = new byte[400 << 20];
                Array.Fill(memory, (byte)1);
                Thread.Sleep(60_000);
                GC.KeepAlive(memory);
                return 0;
            case "sleepy":
                File.WriteAllText(output + ".pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                Thread.Sleep(60_000);
                return 0;
            case "threads":
                metrics["threads"] = double.Parse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")!, CultureInfo.InvariantCulture);
                break;
        }

        Trial.Write(output, metrics);
        return 0;
    }
}
