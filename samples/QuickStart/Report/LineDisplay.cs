using System.Globalization;
using QuickStart.Training;

namespace QuickStart.Report;

/// <summary>One line an epoch, for files and pipes.</summary>
internal sealed class LineDisplay(TextWriter output) : ITrainingDisplay
{
    private string model = "";
    private int epochs;

    public void Begin(string model, int epochs, int batchesPerEpoch) => (this.model, this.epochs) = (model, epochs);

    public void BatchDone()
    {
    }

    public void EpochDone(EpochResult result) => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{model,-14}  epoch {result.Epoch,3}/{epochs}  loss {result.Loss:F4}  train {100 * result.TrainAccuracy,5:F1} %  test {100 * result.TestAccuracy,5:F1} %"));
}
