namespace SourceNet.Training;

/// <summary>What a training tells about itself while it runs.</summary>
public interface ITrainingProgress
{
    /// <summary>A training begins, or goes on after some epochs.</summary>
    /// <param name="model">The name of the model's class.</param>
    /// <param name="epochs">How many epochs there will be at most.</param>
    /// <param name="stepsPerEpoch">How many steps an epoch has.</param>
    /// <param name="epochsDone">How many epochs are done already.</param>
    void Begin(string model, int epochs, int stepsPerEpoch, int epochsDone);

    /// <summary>A step is done.</summary>
    void StepDone();

    /// <summary>An epoch is done and measured.</summary>
    /// <param name="result">How good the model is.</param>
    /// <param name="metric">The name of the first metric; null without one. All of them are in the result.</param>
    void EpochDone(EpochResult result, string? metric);
}
