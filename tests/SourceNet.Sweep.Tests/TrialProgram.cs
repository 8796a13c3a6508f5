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
        if (behaviour.StartsWith("learn", StringComparison.Ordinal))
        {
            return Learn(trial, output, fails: behaviour == "learn or fail");
        }

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

    /// <summary>A training of 9 steps without a model: the score nears what the rate allows, which is best at 1e-2.</summary>
    private static int Learn(Trial trial, string output, bool fails)
    {
        var distance = Math.Log10(trial.Number("rate")) + 2;
        if (fails && distance > 1)
        {
            return 7;
        }

        var (step, score, goesOn) = (0, 0.0, true);
        while (goesOn && step < 9)
        {
            step++;
            score = (1 - (distance * distance / 4)) * (1 - Math.Pow(2, -step));
            goesOn = trial.Report(step, new Dictionary<string, double> { ["score"] = score });
        }

        Trial.Write(output, new Dictionary<string, double> { ["score"] = score, ["test"] = score, ["steps"] = step });
        return 0;
    }
}
