/** A comparison in words, in the order in which somebody wants to read it; each format only sets it. */
export interface ComparisonPage {
  readonly headline: string;
  readonly profiles: readonly ProfilePage[];
  /** What is to be said of the other profiles and files. */
  readonly closing: readonly PageRemark[];
}

/** A sentence about profiles or files, which strangers may have named. */
export interface PageRemark {
  readonly text: string;
  readonly names: readonly string[];
}

/** Profiles that change alike. */
export interface ProfilePage {
  readonly names: readonly string[];
  /** What changes, in half a line. */
  readonly summary: string;
  /** What somebody has to do or know, whatever the values are. */
  readonly notes: readonly string[];
  readonly written: readonly PageChange[];
  readonly sections: readonly PageSection[];
  readonly lists: readonly PageList[];
}

/** A key that is written differently, and where it stands now, or stood. */
export interface PageChange {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly place?: string;
}

/** Values that get to hosts in the same way. */
export interface PageSection {
  readonly title: string;
  readonly values: readonly PageValue[];
  /** What is to be said of all of them, or instead of any. */
  readonly notes: readonly string[];
}

/** A value as it was and as it is. */
export interface PageValue {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly notes: readonly PageNote[];
}

export interface PageNote {
  readonly label: string;
  readonly text: string;
  /** Whether a profile's author chose the words. */
  readonly isForeign: boolean;
}

/** Things that come and go. */
export interface PageList {
  readonly title: string;
  readonly items: readonly PageItem[];
}

export interface PageItem {
  readonly mark: 'new' | 'gone' | 'changed';
  readonly text: string;
  /** Whether a profile's author chose words in it. */
  readonly isForeign: boolean;
}
