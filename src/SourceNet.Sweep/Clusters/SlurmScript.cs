using System.Globalization;
using SourceNet.Sweep.Grid;
using SourceNet.Sweep.Search;

namespace SourceNet.Sweep.Clusters;

/// <summary>A job array for Slurm with a task for each trial.</summary>
internal static class SlurmScript
{
    /// <param name="sweep">The sweep.</param>
    /// <param name="file">The name of its file, which lies beside the script.</param>
    /// <param name="parallel">
    /// How many trials run at once at most; null for as many as the cluster has room for, or for 4 of a search that learns from them.
    /// </param>
    public static string Of(SweepFile sweep, string file, int? parallel)
    {
        parallel ??= sweep.Search?.Method == SearchPlan.Tpe ? 4 : null;
        var lines = new List<string>
        {
            "#!/bin/bash",
            $"# All trials of the sweep '{sweep.Name}'. Submit it from the folder of {CommentText.Of(file)}: sbatch {sweep.Name}.slurm",
            $"# Afterwards: sourcenet-sweep results {CommentText.Of(file)}. What has a result is not run again.",
            $"#SBATCH --job-name={sweep.Name}",
            $"#SBATCH --array=0-{new Plan(sweep).Count - 1}{(parallel is { } most ? $"%{most}" : "")}",
            "#SBATCH --ntasks=1",
            $"#SBATCH --cpus-per-task={sweep.Cores}",
        };
        if (sweep.MemoryMiB is { } memory)
        {
            lines.Add($"#SBATCH --mem={memory}M");
        }

        if (sweep.Minutes is { } minutes)
        {
            // Time for every attempt.
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"#SBATCH --time={Math.Ceiling(minutes * (sweep.Retries + 1)) + 1:F0}"));
        }

        lines.Add("#SBATCH --output=/dev/null");
        lines.Add("cd \"$SLURM_SUBMIT_DIR\" || exit 2");
        lines.Add("# Set SOURCENET_SWEEP where the tool is not on the path.");
        lines.Add($"exec ${{SOURCENET_SWEEP:-sourcenet-sweep}} trial {ShellWord.Quoted(file)} --index \"$SLURM_ARRAY_TASK_ID\"");
        return string.Join('\n', lines) + "\n";
    }
}
