using QuickStart.Training;

namespace QuickStart.Report;

/// <summary>What a training tells about itself while it runs.</summary>
internal interface ITrainingDisplay
{
    /// <summary>A model is about to be trained.</summary>
    void Begin(string model, int epochs, int batchesPerEpoch);

    /// <summary>One optimizer step is done.</summary>
    void BatchDone();

    /// <summary>An epoch is done and measured.</summary>
    void EpochDone(EpochResult result);
}
