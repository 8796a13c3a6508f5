using System.Globalization;

namespace SourceNet.Training;

/// <summary>
/// Saves the state of a training every so many epochs and steps, and keeps some of the older ones. <see cref="TrainerOptions.Checkpoint"/> is one of these;
/// others may stand beside it.
/// </summary>
/// <remarks>Each file is whole, and a training that goes on from it (<see cref="TrainerOptions.Resume"/>) ends with the same bits.</remarks>
/// <param name="file">The newest. Its folder must exist.</param>
/// <example><code>
/// new Trainer(model, new() { Callbacks = [new Checkpoints("runs/state.safetensors") { EverySteps = 500, Keep = 3 }] }).Fit(train);
/// </code></example>
public sealed class Checkpoints(string file) : ITrainingCallback
{
    /// <summary>After how many epochs it is saved, and after the last one; 0 for never. At least 0.</summary>
    public int EveryEpochs { get; init => field = AtLeastZero(value, nameof(EveryEpochs)); } = 1;

    /// <summary>After how many steps it is saved, counted over all epochs; 0 for never. At least 0.</summary>
    public int EverySteps { get; init => field = AtLeastZero(value, nameof(EverySteps)); }

    /// <summary>
    /// How many of the newest stay, each under the number of its step beside the file: <c>state.step-500.safetensors</c>. 0 for the file alone. At least 0.
    /// </summary>
    public int Keep { get; init => field = AtLeastZero(value, nameof(Keep)); }

    /// <inheritdoc/>
    public void FitBegins(TrainingRun run) => WholeFile.CheckWritable(file);

    /// <inheritdoc/>
    public void StepEnds(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (EverySteps > 0 && run.Step % EverySteps == 0)
        {
            run.SaveCheckpoint(file);
        }
    }

    /// <inheritdoc/>
    public void EpochEnds(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (EveryEpochs > 0 && (run.Epoch % EveryEpochs == 0 || run.Epoch == run.Options.Epochs || run.IsStopping))
        {
            run.SaveCheckpoint(file);
        }
    }

    /// <inheritdoc/>
    public void Saved(TrainingRun run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (Keep == 0 || path != file)
        {
            return;
        }

        WholeFile.Copy(file, Kept(run.Step));
        // By when they were written: another training may have left some of higher numbers.
        foreach (var (old, _) in Numbered().OrderByDescending(one => File.GetLastWriteTimeUtc(one.Path)).ThenByDescending(one => one.Step).Skip(Keep).ToList())
        {
            File.Delete(old);
        }
    }

    private string Kept(long step) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(file))!,
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(file)}.step-{step}{Path.GetExtension(file)}"));

    private IEnumerable<(string Path, long Step)> Numbered()
    {
        var (folder, start, end) = (Path.GetDirectoryName(Path.GetFullPath(file))!, $"{Path.GetFileNameWithoutExtension(file)}.step-", Path.GetExtension(file));
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith(start, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal) && name.Length > start.Length + end.Length
                && long.TryParse(name.AsSpan()[start.Length..^end.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var step))
            {
                yield return (path, step);
            }
        }
    }

    private static int AtLeastZero(int value, string name) =>
        value >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least 0.");
}
