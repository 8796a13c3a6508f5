namespace SourceNet.Modeling.Regularizers;

/// <summary>A regularizer of the whole model, which only the class can declare.</summary>
/// <param name="PlanName">What it acts on, as the plan says it: <c>objective</c>.</param>
public abstract record ClassRegularizer(RegularizationKind Kind, StrengthArgument Argument, string PlanName) : Regularizer(Kind)
{
    private protected const string OnObjective = "objective";
    private protected const string OnGradients = "gradients";
    private protected const string OnTraining = "training";

    /// <summary>The names in the order of a step.</summary>
    internal static readonly string[] PlanNames = [OnObjective, OnGradients, OnTraining];

    public sealed override StrengthArgument Argument { get; } = Argument;

    public sealed override string? Off => null;
}

/// <summary>An argument of one of <c>Objectives</c>.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="Objective">The one objective that has it.</param>
/// <param name="ObjectiveName">That objective in words.</param>
public sealed record LossRegularizer(
    RegularizationKind Kind,
    StrengthArgument Argument,
    string Parameter,
    ObjectiveKind Objective,
    string ObjectiveName) : ClassRegularizer(Kind, Argument, OnObjective);

/// <summary>What happens to the gradients before a step: a class in <c>SourceNet</c>, and the property of <c>Model</c> of the same name.</summary>
public sealed record GradientRegularizer(RegularizationKind Kind, StrengthArgument Argument, string Class) : ClassRegularizer(Kind, Argument, OnGradients);

/// <summary>What a trainer does.</summary>
/// <param name="Member">The member of <c>DeclaredTraining</c>.</param>
/// <param name="IsWhole">Whether that is a whole number.</param>
public sealed record TrainingTechnique(
    RegularizationKind Kind,
    StrengthArgument Argument,
    string Member,
    bool IsWhole = false) : ClassRegularizer(Kind, Argument, OnTraining)
{
    /// <summary>What else its attribute says, which is on unless it says otherwise; null for nothing.</summary>
    public TechniqueSetting? Setting { get; init; }
}

/// <summary>A setting of a technique that is on or off.</summary>
/// <param name="Property">The property of the attribute: <c>WarmUp</c>.</param>
/// <param name="Member">The member of <c>DeclaredTraining</c>: <c>EmaWarmUp</c>.</param>
public sealed record TechniqueSetting(string Property, string Member);
