using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Architecture;
using SourceNet.Analyzers.Authoring;
using SourceNet.Analyzers.Data;
using SourceNet.Analyzers.Mode;
using SourceNet.Analyzers.Optimizers;

namespace SourceNet.Analyzers;

/// <summary>Runs the rules that look at one member at a time. An editor asks for them first, of the code in sight.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MemberAnalyzer() : TorchAnalyzer(
    new OpenGradientScope(),
    new FunctionalDropout(),
    new AttentionDropout(),
    new ThreadScope(),
    new CoupledDecay(),
    new SilentAdamW(),
    new ParameterGroup(),
    new FlatDecay(),
    new PenaltyInLoss(),
    new OptimizerBeforeMove(),
    new GrowingDecay(),
    new GradientOrder(),
    new ActivationBeforeLoss(),
    new BypassedRegularizer(),
    new RetainedGraph(),
    new LazyParameters(),
    new SchedulerUse(),
    new SampleMean(),
    new LayerInForward(),
    new EvaluationAugmentation(),
    new TransformOrder(),
    new LoaderShuffle(),
    new DisposedBatches(),
    new UndersizedLastBatch(),
    new UnusedTestSet(),
    new ReshuffledSplit(),
    new TransformUse(),
    new ShadowedParameter(),
    new InPlaceAliasDisposed(),
    new UnscopedLoop(),
    new UnrecordedWrite(),
    new ForwardCall(),
    new ElementType(),
    new TensorAsWeight());
