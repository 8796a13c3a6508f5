namespace SourceNet.Training;

/// <summary>Files of records: a label, then the red, green and blue planes of an image.</summary>
internal static class Cifar10Records
{
    private const int Classes = 10;
    private const int Label = 1;

    private static readonly ImageShape s_shape = new(3, 32, 32);

    /// <summary>Opens each file, checks it and takes its labels. If one is wrong, none stays open.</summary>
    internal static LabeledImages Read<T>(IReadOnlyList<T> sources, Func<T, DataFile> open)
    {
        var runs = new List<ImageRun>();
        var labels = new List<byte>();
        try
        {
            foreach (var source in sources)
            {
                var file = open(source);
                var stride = Label + s_shape.Count;
                runs.Add(new ImageRun(file, Label, stride, Count(file, stride)));
                labels.AddRange(ReadLabels(runs[^1]));
            }
        }
        catch
        {
            runs.ForEach(run => run.File.Dispose());
            throw;
        }

        return new LabeledImages([.. runs], [.. labels], s_shape, Classes);
    }

    private static int Count(DataFile file, int stride)
    {
        if (file.Length > 0 && file.Length % stride == 0)
        {
            return checked((int)(file.Length / stride));
        }

        file.Dispose();
        throw new InvalidDataException(
            $"{file.Path}: expected records of {stride} bytes, at least one, found {file.Length} bytes = {file.Length / stride} records and "
                + $"{file.Length % stride} bytes (truncated?)");
    }

    private static byte[] ReadLabels(ImageRun run)
    {
        var labels = new byte[run.Count];
        for (var index = 0; index < run.Count; index++)
        {
            run.File.Read(run.Start - Label + (index * run.Stride), labels.AsSpan(index, 1));
        }

        var wrong = LabeledImages.WrongLabel(labels, Classes);
        return wrong < 0
            ? labels
            : throw new InvalidDataException($"{run.File.Path}: expected labels from 0 to {Classes - 1}, found {labels[wrong]} in record {wrong}");
    }
}
