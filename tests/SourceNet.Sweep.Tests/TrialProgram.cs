using System.Diagnostics;
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
            case "parent":
                // A child that outlives its parent, and keeps the streams that it inherited.
                using (var child = Process.Start(new ProcessStartInfo("sleep", ["60"]) { UseShellExecute = false })!)
                {
                    File.WriteAllText(output + ".pid", child.Id.ToString(CultureInfo.InvariantCulture));
                }

                break;
            case "python":
                File.WriteAllText(output, "{\"metrics\": {\"loss\": NaN, \"NaN\": -Infinity, \"score\": 1.5}}");
                return 0;
            case "twice":
                File.WriteAllText(output, "{\"metrics\": {\"loss\": 1, \"loss\": 2}}");
                return 0;
            case "count":
                File.AppendAllText(output + ".runs", "x");
                Thread.Sleep(1500);
                break;
            case "threads":
                metrics["threads"] = double.Parse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")!, CultureInfo.InvariantCulture);
                break;
        }

        Trial.Write(output, metrics);
        return 0;
    }
}
