namespace SourceNet.Training;

/// <summary>What a training counts and has measured.</summary>
/// <param name="Model">The name of the model's class.</param>
/// <param name="Optimizer">The name of the optimizer's class.</param>
/// <param name="StepsPerEpoch">How many steps an epoch has.</param>
/// <param name="Train">What the first batch that the model learns from looks like.</param>
/// <param name="Step">How many steps are done.</param>
/// <param name="RateFactor">What callbacks multiply learning rates by.</param>
/// <param name="Running">The epoch that was interrupted; null between epochs.</param>
/// <param name="Epochs">One result an epoch.</param>
internal sealed record TrainingCounters(
    string Model,
    string Optimizer,
    int StepsPerEpoch,
    BatchTraits Train,
    long Step,
    double RateFactor,
    RunningEpoch? Running,
    IReadOnlyList<EpochResult> Epochs);

/// <summary>An epoch of which some steps are done.</summary>
/// <param name="Steps">How many.</param>
/// <param name="LossSum">The sum of their losses, weighted.</param>
/// <param name="Counted">The sum of the weights.</param>
/// <param name="Seconds">How long they took.</param>
internal sealed record RunningEpoch(int Steps, double LossSum, double Counted, double Seconds)
{
    /// <summary>What callbacks logged in them.</summary>
    public IReadOnlyList<LoggedSum> Logged { get; init => field = value ?? []; } = [];
}

/// <summary>What is logged under a name.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Sum">The sum of its values.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Largest">The largest of them.</param>
internal sealed record LoggedSum(string Name, double Sum, long Count, double Largest);
