namespace SourceNet.Training;

/// <summary>What a training counts and has measured.</summary>
/// <param name="Model">The name of the model's class.</param>
/// <param name="StepsPerEpoch">How many steps an epoch has.</param>
/// <param name="Step">How many steps are done.</param>
/// <param name="BestEpoch">The epoch with the least validation loss; 0 for none.</param>
/// <param name="Epochs">One result an epoch.</param>
internal sealed record TrainingCounters(string Model, int StepsPerEpoch, long Step, int BestEpoch, IReadOnlyList<EpochResult> Epochs);
