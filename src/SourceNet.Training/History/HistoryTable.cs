using System.Globalization;
using System.Text;

namespace SourceNet.Training;

/// <summary>Epochs as a table of comma-separated values (RFC 4180): a line each under a header, empty cells where nothing was measured.</summary>
internal static class HistoryTable
{
    private const string Header = "epoch,learning_rate,step_loss,train_loss,train_metric,validation_loss,validation_metric,seconds";

    /// <summary>The table. After what every history has come the other metrics and what callbacks logged, a column or two each.</summary>
    /// <param name="epochs">The epochs.</param>
    /// <param name="first">The name of the first metric, which has its columns already.</param>
    internal static string Csv(IReadOnlyList<EpochResult> epochs, string? first)
    {
        string[] metrics = [.. epochs.SelectMany(epoch => epoch.Metrics).Select(metric => metric.Name).Where(name => name != first).Distinct()];
        string[] logged = [.. epochs.SelectMany(epoch => epoch.Logged).Select(one => one.Name).Distinct()];
        var text = new StringBuilder(Header);
        IEnumerable<string> columns = metrics.SelectMany(name => new[] { $"train_{name}", $"validation_{name}" });
        foreach (var column in columns.Concat(logged.SelectMany(name => new[] { name, $"largest_{name}" })))
        {
            text.Append(',').Append(Quoted(column.Replace(' ', '_')));
        }

        text.Append('\n');
        foreach (var epoch in epochs)
        {
            double?[] cells =
            [
                epoch.Epoch, epoch.LearningRate, epoch.StepLoss, epoch.TrainLoss, epoch.TrainMetric, epoch.ValidationLoss,
                epoch.ValidationMetric, epoch.Seconds,
                .. metrics.Select(name => epoch.Metrics.FirstOrDefault(metric => metric.Name == name))
                    .SelectMany(metric => new[] { metric?.Train, metric?.Validation }),
                .. logged.Select(name => epoch.Logged.FirstOrDefault(one => one.Name == name)).SelectMany(one => new[] { one?.Mean, one?.Largest }),
            ];
            text.AppendJoin(',', cells.Select(cell => cell?.ToString(CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    private static string Quoted(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
