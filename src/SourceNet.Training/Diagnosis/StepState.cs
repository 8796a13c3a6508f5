namespace SourceNet.Training;

/// <summary>What a model's plan says about a next step.</summary>
public enum StepState
{
    /// <summary>Nothing: there is no plan, or a plan cannot tell.</summary>
    Unknown,
    /// <summary>Nothing of the kind is declared.</summary>
    Missing,
    /// <summary>Something of the kind is declared.</summary>
    Declared,
}
